/** Whoever wants to hear of something. One that throws is reported, and keeps nobody else from hearing. */

export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** Hear from now on; what is given back ends it. */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(value: T): void {
    for (const listener of [...this.#all]) {
      try {
        listener(value);
      } catch (fault) {
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  }
}
