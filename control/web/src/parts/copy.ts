/** Put words where they can be pasted from; answers whether they are there: not without TLS, nor where a browser refuses. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
