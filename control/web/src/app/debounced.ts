import { useEffect, useState } from "preact/hooks";

/** `value`, once it has not changed for a while: what is typed is not asked for letter by letter. */
export function useDebounced<T>(value: T, ms: number = 250): T {
  const [calm, setCalm] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return calm;
}
