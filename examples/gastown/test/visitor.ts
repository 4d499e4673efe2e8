import type { Browser, Page } from 'playwright-core';

const SURFACES = ['page', 'nav', 'procedure', 'route', 'creation', 'dispatch'] as const;
export type Who = 'ada' | 'eve' | 'root';
export type States = Record<(typeof SURFACES)[number], string>;

export const all = (state: 'open' | 'closed') => Object.fromEntries(SURFACES.map((name) => [name, state])) as States;

/** Somebody at a browser of their own. */
export class Visitor {
  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {}

  static async of(browser: Browser, url: string, who: Who, watch: (what: string) => void): Promise<Visitor> {
    const page = await (await browser.newContext({ viewport: { width: 1180, height: 820 } })).newPage();
    page.on('pageerror', (e) => watch(`${who}'s page threw ${e}`));
    const visitor = new Visitor(page, url);
    await visitor.go('/');
    await page.getByRole('button', { name: who }).click();
    await page.locator(`button[value=${who}][aria-pressed=true]`).waitFor();
    return visitor;
  }

  /** The status of the page at a path. */
  async go(path: string): Promise<number> {
    return (await this.page.goto(this.url + path))?.status() ?? 0;
  }

  nav(): Promise<string[]> {
    return this.page.locator('nav a').allTextContents();
  }

  /** Tries all six by the button, on a fresh page, and reads what it shows for each. */
  async tryAll(): Promise<States> {
    await this.go('/');
    await this.followed();
    await this.page.locator('#all').click();
    await this.page.waitForFunction(() => document.querySelector('.board [data-state=untried]') === null);
    return this.states();
  }

  /** Waits until the browser follows the flags, as they are answered once the page has come. */
  followed(): Promise<unknown> {
    return this.page.waitForFunction(() => document.body.dataset.following === 'true');
  }

  states(): Promise<States> {
    return this.page
      .locator('.board > li')
      .evaluateAll((tiles) => Object.fromEntries(tiles.map((tile) => [tile.id, tile.getAttribute('data-state')]))) as Promise<States>;
  }

  says(surface: keyof States): Promise<string> {
    return this.page.locator(`#${surface} output`).innerText();
  }

  /** How many milliseconds the page takes to try all six. */
  async round(): Promise<number> {
    const began = performance.now();
    await this.page.locator('#all').click();
    await this.page.locator('#all:enabled').waitFor();
    return performance.now() - began;
  }

  /** Goes on trying all six, without a reload, until the page shows that all are closed; when that was, by the clock of {@link performance}. */
  async triedUntilClosed(patience: number): Promise<number> {
    // No function in the page has a name: what compiles this file would refer to a helper that the page does not have.
    const at = await this.page.evaluate(
      (patience) =>
        new Promise<number>((resolve, reject) => {
          const began = performance.now();
          const looking = setInterval(() => {
            const now = performance.now();
            document.querySelector<HTMLButtonElement>('#all:enabled')?.click();
            const shown = [...document.querySelectorAll('.board > li')].map((tile) => tile.getAttribute('data-state'));
            if (shown.every((one) => one === 'closed')) {
              clearInterval(looking);
              resolve(performance.timeOrigin + now);
            } else if (now - began > patience) {
              clearInterval(looking);
              reject(new Error(`after ${patience} ms the six are ${shown}`));
            }
          }, 5);
        }),
      patience,
    );
    return at - performance.timeOrigin;
  }

  /** What the page shows of the agent that was dispatched last. */
  async agent(): Promise<{ state: string; step: number; text: string }> {
    const row = this.page.locator('tbody tr').first();
    await row.waitFor();
    return {
      state: (await row.getAttribute('data-state')) ?? '',
      step: Number(await row.getAttribute('data-step')),
      text: await row.innerText(),
    };
  }
}
