export { Admissions, continues, standing, type Admission, type Standing } from './admission.ts';
export { checkCreation, type Checked, type Needed } from './creation.ts';
export { admit, type Dispatched } from './dispatch.ts';
export { closeFlags, flags } from './flags.ts';
export { choose, factsOf, isOpen, reasonOf, type FlagFacts } from './gate.ts';
export { ledgerFrom, type Ledger } from './ledger.ts';
export { openItems, type NavItem } from './nav.ts';
export { bearer, Sessions } from './session.ts';
export { contextOf, type Subject } from './subject.ts';
