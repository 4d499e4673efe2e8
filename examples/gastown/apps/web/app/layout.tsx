import { openItems } from '@gastown/gates';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { FollowFlags } from '../src/client/live.tsx';
import { Nav } from '../src/client/nav.tsx';
import { NAV } from '../src/nav.ts';
import { PEOPLE, session } from '../src/server/session.ts';
import './style.css';

export const metadata: Metadata = { title: 'Gas Town', icons: { icon: '/icon.svg' } };

export default async function Layout({ children }: { children: ReactNode }) {
  const { subject } = await session();
  const open = await openItems(NAV, subject);
  return (
    <html lang="en">
      <body>
        <FollowFlags user={subject.user} key={subject.user}>
          <header>
            <span className="mark">
              <img src="/icon.svg" alt="" width={22} height={22} /> Gas Town
            </span>
            <Nav open={open.map(({ href }) => href)} />
            <form className="who" method="post" action="/session" aria-label="Who you are">
              {Object.entries(PEOPLE).map(([name, person]) => (
                <button key={name} name="who" value={name} aria-pressed={person.user === subject.user}>
                  {name}
                  <small>{'org' in person ? `@${person.org}` : 'admin'}</small>
                </button>
              ))}
            </form>
          </header>
          <main>{children}</main>
        </FollowFlags>
      </body>
    </html>
  );
}
