/** What goes on while other screens are shown, as a call does: a component that a screen left behind, for the frame to show. */

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

export const aside = signal<ComponentType | undefined>(undefined);
