type Field = HTMLInputElement | HTMLTextAreaElement;

/** Carries what is typed in the forms of `before`, except in `done`, over to the same forms of `after`. */
export function keepTyped(before: HTMLElement, after: HTMLElement, done: HTMLFormElement | null): void {
  const forms = [...after.querySelectorAll("form")];
  [...before.querySelectorAll("form")].forEach((form, index) => {
    if (form === done) return;
    for (const field of form.querySelectorAll<Field>("input, textarea")) {
      if (field.value === field.defaultValue) continue;
      const same = forms[index]?.querySelector<Field>(`[name="${field.name}"]`);
      if (same) same.value = field.value;
    }
  });
}
