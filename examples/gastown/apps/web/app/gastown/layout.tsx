import { pageGate } from '@gastown/gates/page';
import type { ReactNode } from 'react';
import { session } from '../../src/server/session.ts';

export default async function Gated({ children }: { children: ReactNode }) {
  await pageGate('gastown', (await session()).subject);
  return children;
}
