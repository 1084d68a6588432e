/** `derive`, worked out once for each object: for what every request asks anew of what never changes. */
export function once<K extends object, T extends object>(derive: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = derive(key);
    known.set(key, value);
    return value;
  };
}
