/** A file that is dropped where nobody takes it does nothing: browsers would show it in place of the page. */

type Drop = Pick<DragEvent, "type" | "dataTransfer" | "target" | "defaultPrevented" | "preventDefault">;

/** Whether files are what is dragged. */
export function hasFiles({ dataTransfer }: Pick<DragEvent, "dataTransfer">): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** Have nothing come of it, unless it was taken, or is over a field for files. */
export function refuse(drop: Drop): void {
  if (drop.defaultPrevented || !hasFiles(drop)) return;
  if ((drop.target as Partial<HTMLInputElement> | null)?.type === "file") return;
  drop.preventDefault();
  if (drop.dataTransfer !== null) drop.dataTransfer.dropEffect = "none";
}

if (typeof window !== "undefined")
  for (const type of ["dragover", "drop"] as const) addEventListener(type, refuse);
