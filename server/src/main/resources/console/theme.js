// Light, dark, or as the system says.

const KEPT = 'flag-ledger.theme';
const THEMES = ['system', 'light', 'dark'];

export function theme() {
  const kept = localStorage.getItem(KEPT);
  return THEMES.includes(kept) ? kept : 'system';
}

export function nextTheme() {
  return THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
}

export function keepTheme(name) {
  localStorage.setItem(KEPT, name);
  apply();
}

function apply() {
  const name = theme();
  document.documentElement.classList.toggle('light', name === 'light');
  document.documentElement.classList.toggle('dark', name === 'dark');
}

apply();
