'use client';

import type { NavItem } from '@gastown/gates';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { NAV } from '../nav.ts';
import { useLive } from './live.tsx';

/** The items that are open: those that the server rendered, and from then on as the flags change. */
export function Nav({ open }: { open: readonly string[] }) {
  const { ask } = useLive();
  const path = usePathname();
  const items = (NAV as readonly NavItem[]).filter(
    ({ href, flag }) => flag === undefined || (ask(flag) ?? open.includes(href)),
  );
  return (
    <nav aria-label="Main">
      {items.map(({ label, href }) => (
        <Link key={href} href={href} prefetch={false} aria-current={href === path ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
