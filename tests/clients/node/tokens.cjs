// Another's JOSE library and our tokens: it verifies what we sign, with nothing but the published keys; we refuse what it forges.
'use strict';

const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const jose = require('jose');
const { load, credentials, call, run, status } = require('./masthead.cjs');

const ISSUER = 'masthead-memberships';
const AUDIENCE = 'masthead';
const READER = 'members/ada';

const { articles, memberships } = load(['articles/v1/reading_service.proto', 'memberships/v1/members_service.proto', 'memberships/v1/tokens_service.proto']);
const tokens = new memberships.v1.TokensService(process.env.MASTHEAD_MEMBERSHIPS, credentials);
const members = new memberships.v1.MembersService(process.env.MASTHEAD_MEMBERSHIPS, credentials);
const reading = new articles.v1.ReadingService(process.env.MASTHEAD_ARTICLES, credentials);

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// One service that has its own keys, one that fetches them.
const admitted = [
  (token) => call(members, 'GetMember', { name: READER }, token),
  (token) => call(reading, 'ListPublishedArticles', {}, token),
];

// With one answer for all, which does not help a forger.
const answers = new Set();

async function assertRefused(what, token) {
  for (const attempt of admitted) {
    await assert.rejects(attempt(token), (error) => {
      assert.strictEqual(error.code, status.UNAUTHENTICATED, `${what}: ${error.message}`);
      answers.add(error.details);
      return true;
    }, what);
  }
  assert.strictEqual(answers.size, 1, `${what}: ${[...answers]}`);
}

async function verifiesWithThePublishedKeys(token, jwks) {
  const { payload, protectedHeader } = await jose.jwtVerify(token, jose.createLocalJWKSet(jwks), {
    issuer: ISSUER, audience: AUDIENCE, subject: READER, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['exp', 'iat', 'jti'],
  });
  assert.strictEqual(payload.masthead_kind, 'member');
  assert.ok(Array.isArray(payload.tiers));
  assert.ok(payload.exp - payload.iat <= 600);
  const key = jwks.keys.find((one) => one.kid === protectedHeader.kid);
  assert.strictEqual(key.kid, await jose.calculateJwkThumbprint(key, 'sha256'));
  for (const one of jwks.keys) assert.deepStrictEqual([one.d, one.k, one.use, one.alg], [undefined, undefined, 'sig', 'ES256']);
  return { payload, header: protectedHeader, key };
}

// What an attacker can make of a good token and the published keys.
async function forgeries(token, { payload, header, key }) {
  const [protectedText, , signature] = token.split('.');
  const publicPem = await jose.exportSPKI(await jose.importJWK(key, 'ES256'));
  const hmac = (secret) => new jose.SignJWT(payload).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret);
  const stranger = await jose.generateKeyPair('ES256');
  const strangerJwk = await jose.exportJWK(stranger.publicKey);
  return {
    'no signature': new jose.UnsecuredJWT(payload).encode(),
    'alg none under our kid': `${base64url({ ...header, alg: 'none' })}.${base64url(payload)}.`,
    'alg none with our signature': `${base64url({ ...header, alg: 'none' })}.${base64url(payload)}.${signature}`,
    'HS256 with the public key in PEM': await hmac(new TextEncoder().encode(publicPem)),
    'HS256 with the public key as JSON': await hmac(new TextEncoder().encode(JSON.stringify(key))),
    'another reader under our signature': `${protectedText}.${base64url({ ...payload, sub: 'members/borys' })}.${signature}`,
    'more tiers under our signature': `${protectedText}.${base64url({ ...payload, tiers: ['tiers/patron'] })}.${signature}`,
    "a stranger's key under our kid": await new jose.SignJWT(payload).setProtectedHeader(header).sign(stranger.privateKey),
    'a key brought along': await new jose.SignJWT(payload).setProtectedHeader({ ...header, jwk: strangerJwk }).sign(stranger.privateKey),
  };
}

// What would be wrong even under our own key: that key signs all of these, so it is the claims that are refused.
async function wrongClaims(payload, header) {
  const key = await jose.importPKCS8(readFileSync(process.env.MASTHEAD_SIGNING_KEY_FILE, 'utf8'), 'ES256');
  const sign = (claims, parameters = {}) => new jose.SignJWT({ ...payload, ...claims }).setProtectedHeader({ ...header, ...parameters }).sign(key);
  const now = Math.floor(Date.now() / 1000);
  return {
    good: await sign({}),
    bad: {
      'another issuer': await sign({ iss: 'https://accounts.example' }),
      'another audience': await sign({ aud: 'another-suite' }),
      'no audience': await sign({ aud: undefined }),
      expired: await sign({ iat: now - 1200, exp: now - 600 }),
      'no end': await sign({ exp: undefined }),
      'not yet': await sign({ nbf: now + 600 }),
      'another type of token': await sign({}, { typ: 'JWT' }),
      'an extension we do not know': await new jose.SignJWT(payload)
        .setProtectedHeader({ ...header, crit: ['x'], x: 1 }).sign(key, { crit: { x: true } }),
    },
  };
}

async function main() {
  const { access_token: backend } = await call(tokens, 'ExchangeApiKey', { api_key: process.env.MASTHEAD_API_KEY });
  const { access_token: token } = await call(tokens, 'IssueMemberToken', { member: READER }, backend);
  const jwks = JSON.parse((await call(tokens, 'GetJsonWebKeySet', {})).jwks_json);

  const verified = await verifiesWithThePublishedKeys(token, jwks);
  for (const attempt of admitted) await attempt(token);

  const forged = await forgeries(token, verified);
  for (const [what, bad] of Object.entries(forged)) await assertRefused(what, bad);

  const own = await wrongClaims(verified.payload, verified.header);
  for (const attempt of admitted) await attempt(own.good);
  for (const [what, bad] of Object.entries(own.bad)) await assertRefused(what, bad);
  console.log(`jose verified a token of ours; ${Object.keys(forged).length + Object.keys(own.bad).length} of its own were refused`);
}

run(main);
