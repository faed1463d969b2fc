/** Days as the wire has them: 2026-03-05. Pure. */

export function dayBefore(date: string): string {
  return moved(date, -1);
}

export function dayAfter(date: string): string {
  return moved(date, 1);
}

function moved(date: string, by: number): string {
  const day = new Date(`${date}T00:00Z`);
  day.setUTCDate(day.getUTCDate() + by);
  return day.toISOString().slice(0, 10);
}
