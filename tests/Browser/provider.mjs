// A company's sign-in provider: oidc-provider (npm) on a port of its own. Argument: Guerdon's address. It writes its
// issuer; "rotate" on standard input gives it another key, and closes the former one's door.
import http from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

console.info = console.error; // what it says of itself; lines of standard output are answers
const [guerdon] = process.argv.slice(2);
const server = http.createServer((request, answer) => callback(request, answer));
server.listen(0, "127.0.0.1");
await new Promise(done => server.once("listening", done));
const issuer = `http://127.0.0.1:${server.address().port}`;
let keys = 0;

// What it remembers outlives its keys: sessions above all.
const rows = new Map();

class Memory {
  constructor(kind) { this.kind = kind; }
  row(id) { return `${this.kind} ${id}`; }
  async upsert(id, payload) { rows.set(this.row(id), payload); }
  async find(id) { return rows.get(this.row(id)); }
  async findByUid(uid) { return [...rows.values()].find(row => row.kind === this.kind && row.uid === uid); }
  async consume(id) { rows.get(this.row(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { rows.delete(this.row(id)); }
  async revokeByGrantId(id) { for (const [at, row] of rows) if (row.grantId === id) rows.delete(at); }
}

function key() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: `key-${++keys}`, use: "sig", alg: "RS256" };
}

function start() {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "guerdon", client_secret: "a secret that is long enough", grant_types: ["authorization_code"],
      redirect_uris: [`${guerdon}/sign-in/with/corp/back`], post_logout_redirect_uris: [`${guerdon}/sign-in`],
      backchannel_logout_uri: `${guerdon}/sign-in/with/corp/logout`, backchannel_logout_session_required: true,
    }],
    jwks: { keys: [key()] }, adapter: Memory,
    cookies: { keys: ["a key for cookies"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    pkce: { required: () => true },
    // Whoever types an address is its owner here.
    findAccount: (_, id) => ({
      accountId: id, claims: async () => ({ sub: id, email: id, email_verified: true, name: id }),
    }),
    loadExistingGrant: async context => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
    // Its own guard refuses to call addresses of this machine, where the tests are.
    fetch: (address, { dispatcher, ...rest }) => globalThis.fetch(address, rest),
  });
  for (const event of ["backchannel.error", "server_error"])
    provider.on(event, (_, error) => console.error(event, error?.message));
  return provider.callback();
}

let callback = start();
console.log(issuer);
for await (const line of process.stdin) {
  if (`${line}`.trim() !== "rotate") break;
  callback = start();
  console.log("rotated");
}
server.closeAllConnections();
server.close();
