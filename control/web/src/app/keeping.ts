/** What this browser remembers of a person's choices. A browser that keeps nothing is no reason to fail. */

type Kept = "language" | "theme" | "microphone" | "camera" | "speaker";

export function kept(what: Kept): string | null {
  try {
    return localStorage.getItem(`madang.${what}`);
  } catch {
    return null;
  }
}

export function keep(what: Kept, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`madang.${what}`);
    else localStorage.setItem(`madang.${what}`, value);
  } catch {
    return;
  }
}
