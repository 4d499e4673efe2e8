import { isOpen } from './gate.ts';
import type { Subject } from './subject.ts';

export interface NavItem {
  label: string;
  href: string;
  /** The item is for everybody where none is said. */
  flag?: string;
}

/** Navigation: an item that is dark is not rendered. */
export async function openItems<T extends NavItem>(items: readonly T[], subject: Subject): Promise<T[]> {
  const open = await Promise.all(items.map(({ flag }) => flag === undefined || isOpen(flag, subject)));
  return items.filter((_, i) => open[i]);
}
