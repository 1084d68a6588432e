/** Longer texts are no numbers. As much fits into a usual request; the least double, written out, has 1,077 signs. */
const longestNumber = 16_384;
/** Nothing in it can be matched in two ways: a text that is no number is refused in linear time. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a text is a number as Java, JavaScript or a person writes it. */
export function isNumberText(text: string): boolean {
  return text.length <= longestNumber && decimal.test(text);
}
