/** What stands for a person who shows no picture. */

const HUES = 6;
const letters = new Intl.Segmenter(); // to make one costs more than to use it a hundred times

/** The first letter of a name, as people see letters. */
export function initialOf(name: string): string {
  const [first] = letters.segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? "·";
}

/** One of the six grounds, always the same for the same name. */
export function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}
