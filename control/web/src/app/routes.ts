/**
 * Paths and what they lead to: `/rooms/:room` takes one part of a path, by its name.
 *
 * Pure: which of the routes a path means. Where the browser is, `place.ts` knows.
 */

/** The parts of a path that a route names. */
export type Params<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & Params<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : Readonly<Record<never, string>>;

/** What a path has in a route's places; undefined when it is another's. */
export function match(route: string, path: string): Record<string, string> | undefined {
  const wanted = split(route);
  const given = split(path);
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const said = given[index] ?? "";
    if (part.startsWith(":")) {
      const value = decoded(said);
      if (value === undefined) return undefined;
      params[part.slice(1)] = value;
    } else if (part !== said) return undefined;
  }
  return params;
}

/** A path with values in a route's places. */
export function pathTo<Path extends string>(route: Path, params: Params<Path>): string {
  const values = params as Record<string, string>;
  return route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

function split(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
