import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TRPCError } from '@trpc/server';
import { Hono } from 'hono';
import { checkCreation, choose, closeFlags, isOpen, openItems, Sessions, type Subject } from '../src/index.ts';
import { pageGate } from '../src/page.ts';
import { procedureGate, refusingGate } from '../src/procedure.ts';
import { hidingRoute, type Problem, refusingRoute } from '../src/route.ts';

const ADA: Subject = { user: 'ada', org: 'acme', admin: false };
const EVE: Subject = { user: 'eve', org: 'evil', admin: false };
const ROOT: Subject = { user: 'root', admin: true };

/** Against flagd's own evaluator, which reads the flags from a file here. */
describe('gates', () => {
  before(() => {
    process.env.FLAGD_OFFLINE_FLAG_SOURCE_PATH = fileURLToPath(new URL('flags.json', import.meta.url));
  });
  after(closeFlags);

  test('open by user, org and admin, and are closed for flags that do not exist', async () => {
    assert.deepEqual(await Promise.all([ADA, EVE, ROOT].map((who) => isOpen('gastown', who))), [true, false, true]);
    assert.equal(await isOpen('nowhere', ROOT), false);
    assert.deepEqual(await Promise.all([ADA, EVE].map((who) => choose('merge', who, ['direct', 'pr']))), ['pr', 'direct']);
  });

  test('a dark page is a page that is not found', async () => {
    await pageGate('gastown', ADA);
    await assert.rejects(pageGate('gastown', EVE), { digest: /NEXT_HTTP_ERROR_FALLBACK;404/ });
  });

  test('a dark procedure is not found, and a known one is forbidden with a reason', async () => {
    await procedureGate('gastown', ADA, 'rigs.list');
    const hidden = await procedureGate('gastown', EVE, 'rigs.list').catch((e: unknown) => e);
    assert.ok(hidden instanceof TRPCError);
    assert.equal(hidden.code, 'NOT_FOUND');
    const refused = await refusingGate('gastown', EVE, 'Gas Town').catch((e: unknown) => e);
    assert.ok(refused instanceof TRPCError);
    assert.deepEqual([refused.code, refused.message], ['FORBIDDEN', 'Gas Town is not open to evil yet.']);
  });

  test('a closed route answers with a problem, and one that hides tells of no flag', async () => {
    const who = { subject: ADA };
    const app = new Hono()
      .get('/hidden', hidingRoute('gastown', () => who.subject), (context) => context.text('in'))
      .get('/refused', refusingRoute('killed', () => who.subject, 'Gas Town'), (context) => context.text('in'));
    assert.equal(await (await app.request('/hidden')).text(), 'in');
    who.subject = EVE;
    const hidden = await app.request('/hidden');
    assert.equal(hidden.status, 404);
    assert.equal(hidden.headers.get('content-type'), 'application/problem+json');
    assert.doesNotMatch(await hidden.text(), /gastown/i);
    const refused = await app.request('/refused');
    assert.equal(refused.status, 403);
    assert.match(((await refused.json()) as Problem).detail, /switched off just now/);
  });

  test('navigation renders what is open', async () => {
    const items = [
      { label: 'Home', href: '/' },
      { label: 'Gas Town', href: '/gastown', flag: 'gastown' },
    ];
    assert.deepEqual((await openItems(items, ADA)).map(({ label }) => label), ['Home', 'Gas Town']);
    assert.deepEqual((await openItems(items, EVE)).map(({ label }) => label), ['Home']);
  });

  test('a creation names the first thing that is not open', async () => {
    const needed = [
      { flag: 'gastown', what: 'Gas Town' },
      { flag: 'killed', what: 'A second rig' },
    ];
    assert.deepEqual(await checkCreation(ADA, ...needed), {
      allowed: false,
      reason: 'A second rig is switched off just now. Try again later.',
    });
    assert.deepEqual(await checkCreation(ADA, needed[0]!), { allowed: true });
  });

  test('a session is believed only as it was signed', async () => {
    const sessions = new Sessions('0123456789abcdef0123456789abcdef');
    assert.deepEqual(await sessions.subject(await sessions.sign(ADA)), ADA);
    const other = new Sessions('another-secret-another-secret-an');
    assert.equal(await sessions.subject(await other.sign(ROOT)), undefined);
    assert.equal(await sessions.subject('no token'), undefined);
  });
});
