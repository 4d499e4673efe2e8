import type { NavItem } from '@gastown/gates';

export const NAV = [
  { label: 'Control room', href: '/' },
  { label: 'Gas Town', href: '/gastown', flag: 'gastown' },
  { label: 'Convoys', href: '/gastown/convoys', flag: 'gastown.convoys' },
  { label: 'Molecules', href: '/gastown/molecules', flag: 'gastown.molecules' },
] as const satisfies NavItem[];
