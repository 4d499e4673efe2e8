import { notFound } from 'next/navigation';
import { isOpen } from './gate.ts';
import type { Subject } from './subject.ts';

/** Page: one that is dark is not there, and answers 404 like any address that never was. Call it first in a page or layout. */
export async function pageGate(flag: string, subject: Subject): Promise<void> {
  if (!(await isOpen(flag, subject))) {
    notFound();
  }
}
