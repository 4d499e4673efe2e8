import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type Admission, Admissions, closeFlags, continues, standing } from '../src/index.ts';

const ENVIRONMENT = 'gastown-production';

describe('admissions', () => {
  before(() => {
    process.env.FLAGD_OFFLINE_FLAG_SOURCE_PATH = fileURLToPath(new URL('flags.json', import.meta.url));
  });
  after(closeFlags);

  test('are believed with the right type, key, issuer and environment only', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const stranger = await generateKeyPair('ES256');
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] });
    const admissions = new Admissions(keys, ENVIRONMENT);
    const token = (claims: JWTPayload, key = privateKey, typ = 'flag-admission+jwt') =>
      new SignJWT({
        iss: 'flag-ledger', aud: ENVIRONMENT, sub: 'ada', org: 'acme', admin: false,
        ledger: 'L', env: ENVIRONMENT, flag: 'gastown', variant: 'on', seq: 7, ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', typ, kid: 'k' })
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(key);

    const admission = await admissions.verify(await token({}));
    assert.deepEqual(admission.subject, { user: 'ada', org: 'acme', admin: false });
    assert.deepEqual([admission.flag, admission.sequence], ['gastown', 7]);
    await assert.rejects(admissions.verify(await token({}, stranger.privateKey)), /signature/);
    await assert.rejects(admissions.verify(await token({}, privateKey, 'JWT')), /typ/);
    await assert.rejects(admissions.verify(await token({ iss: 'somebody' })), /iss/);
    await assert.rejects(admissions.verify(await token({ aud: 'gastown-staging' })), /aud/);
  });

  test('outlive a kill for new access, and end with one for all, with the flag, and in time', async () => {
    const now = new Date('2026-11-25T12:00:00Z');
    const admission = (flag: string, sequence: number): Admission => ({
      environment: ENVIRONMENT, flag, variant: 'on', sequence,
      subject: { user: 'ada', admin: false }, expiresAt: new Date('2026-11-25T13:00:00Z'),
    });
    const stands = [
      await standing(admission('gastown', 7), now),
      await standing(admission('killed', 7), now),
      await standing(admission('killed-for-all', 7), now),
      await standing(admission('archived', 7), now),
      await standing(admission('gastown', 7), new Date('2026-11-25T13:00:00Z')),
    ];
    assert.deepEqual(stands, ['CONTINUES', 'CONTINUES', 'KILLED', 'ARCHIVED', 'EXPIRED']);
    assert.deepEqual(stands.map(continues), [true, true, false, false, false]);
    assert.equal(
      await standing(admission('killed-for-all', 12), now), 'AHEAD',
      'the kill is from before the admission, so its release is still on the way here');
  });
});
