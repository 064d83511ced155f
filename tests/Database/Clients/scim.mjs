// Sends what Okta and Entra ID send to Guerdon and to scimmy (npm), and compares what both answer. Arguments: Guerdon's
// address and a token. Ids are each server's own, so that steps name what they made: "$ada".
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [guerdon, token] = process.argv.slice(2);

// scimmy in memory, as its documentation has it.
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
const stores = { User: new Map(), Group: new Map() };
let made = 0;
for (const type of ["User", "Group"]) {
  const store = stores[type];
  SCIMMY.Resources.declare(SCIMMY.Resources[type], {
    egress: async resource => {
      if (resource.id) {
        if (!store.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `${resource.id} not found`);
        return store.get(resource.id);
      }
      const all = [...store.values()];
      return resource.filter ? resource.filter.match(all) : all;
    },
    ingress: async (resource, data) => {
      const key = type === "User" ? "userName" : "displayName";
      const id = resource.id ?? `id-${++made}`;
      if (resource.id && !store.has(id)) throw new SCIMMY.Types.Error(404, null, `${id} not found`);
      for (const [other, has] of store)
        if (other !== id && has[key]?.toLowerCase() === data[key]?.toLowerCase())
          throw new SCIMMY.Types.Error(409, "uniqueness", `${data[key]} is there`);
      const saved = { ...JSON.parse(JSON.stringify(data)), id, meta: { created: new Date(), lastModified: new Date() } };
      store.set(id, saved);
      return saved;
    },
    degress: async resource => {
      if (!store.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, `${resource.id} not found`);
    },
  });
}

const app = express();
app.use("/scim/v2", new SCIMMYRouters({ type: "bearer", handler: () => "tester" }));
const server = app.listen(0, "127.0.0.1");
await new Promise(done => server.once("listening", done));
const scimmy = `http://127.0.0.1:${server.address().port}/scim/v2`;

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const user = (userName, more = {}) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise], userName, active: true,
  name: { givenName: "Ada", familyName: "Test" }, emails: [{ type: "work", primary: true, value: userName }], ...more,
});
const patch = (...Operations) => ({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations });
const find = filter => `/Users?filter=${encodeURIComponent(filter)}`;

// [name, method, path, body, as]: what is made is called "as" from then on.
const steps = [
  ["Okta looks a user up who is not there", "GET", find('userName eq "ada@x.test"') + "&startIndex=1&count=100"],
  ["Okta makes a user", "POST", "/Users", user("ada@x.test", { externalId: "o-1" }), "ada"],
  ["Okta finds the user", "GET", find('userName eq "ADA@X.TEST"') + "&startIndex=1&count=100"],
  ["a user who is there", "POST", "/Users", user("ada@x.test", { externalId: "o-2" })],
  ["a second user", "POST", "/Users", user("bob@x.test", { externalId: "e-1", title: "Engineer" }), "bob"],
  ["a user by id", "GET", "/Users/$ada"],
  ["a user who is not there", "GET", "/Users/nobody"],
  ["Entra finds by externalId", "GET", find('externalId eq "e-1"')],
  ["Entra finds by e-mail", "GET", find('emails[type eq "work"].value eq "bob@x.test"')],
  ["by two conditions", "GET", find('userName sw "a" and active eq true')],
  ["by one of two", "GET", find('title eq "Engineer" or userName eq "ada@x.test"')],
  ["by none", "GET", find('not (title pr)')],
  ["a filter that is none", "GET", find("userName")],
  ["count is 0", "GET", "/Users?count=0"],
  ["past the end", "GET", "/Users?startIndex=10&count=5"],
  ["some attributes", "GET", "/Users/$ada?attributes=userName"],
  ["all but some", "GET", "/Users/$ada?excludedAttributes=emails,name,active,externalId"],
  ["Okta deactivates", "PATCH", "/Users/$ada", patch({ op: "replace", value: { active: false } })],
  ["Okta activates", "PATCH", "/Users/$ada", patch({ op: "replace", value: { active: true } })],
  ["Entra replaces a part", "PATCH", "/Users/$bob", patch({ op: "replace", path: "name.familyName", value: "New" })],
  ["Entra replaces an extension's", "PATCH", "/Users/$bob",
    patch({ op: "add", path: `${enterprise}:department`, value: "Research" })],
  ["Entra replaces a chosen value", "PATCH", "/Users/$bob",
    patch({ op: "replace", path: 'emails[type eq "work"].value', value: "new@x.test" })],
  ["removes an attribute", "PATCH", "/Users/$bob", patch({ op: "remove", path: "title" })],
  ["a path that is none", "PATCH", "/Users/$bob", patch({ op: "replace", path: "colour", value: "x" })],
  ["a remove without a path", "PATCH", "/Users/$bob", patch({ op: "remove" })],
  ["Okta replaces the whole", "PUT", "/Users/$ada", user("ada@x.test", { externalId: "o-1", title: "Lead" })],
  ["makes a group", "POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName: "Crew", members: [{ value: "$ada" }],
  }, "crew"],
  ["Entra finds the group", "GET",
    `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Crew"')}`],
  ["adds a member", "PATCH", "/Groups/$crew", patch({ op: "add", path: "members", value: [{ value: "$bob" }] })],
  ["a group with members", "GET", "/Groups/$crew"],
  ["removes a member by path", "PATCH", "/Groups/$crew", patch({ op: "remove", path: 'members[value eq "$ada"]' })],
  ["one member is left", "GET", "/Groups/$crew"],
  ["Okta renames", "PATCH", "/Groups/$crew", patch({ op: "replace", value: { id: "$crew", displayName: "Team" } })],
  ["has another name", "GET", "/Groups/$crew"],
  ["replaces all members", "PATCH", "/Groups/$crew",
    patch({ op: "replace", path: "members", value: [{ value: "$ada" }] })],
  ["has another member", "GET", "/Groups/$crew"],
  ["deletes the group", "DELETE", "/Groups/$crew"],
  ["the group is gone", "GET", "/Groups/$crew"],
  ["deletes a user", "DELETE", "/Users/$bob"],
  ["the user is gone", "DELETE", "/Users/$bob"],
];

async function replay(address, headers) {
  const ids = {};
  const named = text => text.replaceAll(/\$(ada|bob|crew)\b/g, (_, name) => ids[name] ?? "missing");
  const answers = [];
  for (const [name, method, path, body, as] of steps) {
    const answer = await fetch(address + named(path), {
      method, headers: { ...headers, "content-type": "application/scim+json", accept: "application/scim+json" },
      body: body && named(JSON.stringify(body)),
    });
    const text = await answer.text();
    const json = text ? JSON.parse(text) : null;
    if (as) ids[as] = json.id;
    answers.push({ name, status: answer.status, body: plain(json, ids) });
  }
  return answers;
}

// What both must say alike: neither ids nor times nor words for people, and lists in one order.
function plain(value, ids) {
  if (Array.isArray(value)) return value.map(one => plain(one, ids)).sort((a, b) => order(a).localeCompare(order(b)));
  if (value === null || typeof value !== "object")
    return Object.entries(ids).find(([, id]) => id === value)?.[0] ?? value;
  // How many a page has is counted by scimmy as how many were asked for.
  const left = ["meta", "$ref", "detail", "schemas", "display", "groups", "itemsPerPage"];
  return Object.fromEntries(Object.entries(value).filter(([key, one]) => !left.includes(key) && one !== undefined)
    .map(([key, one]) => [key, plain(key === "members" ? one.map(({ value }) => ({ value })) : one, ids)])
    .filter(([, one]) => !(Array.isArray(one) && one.length === 0)).sort(([a], [b]) => a.localeCompare(b)));
}

function order(value) {
  return JSON.stringify(value);
}

const [ours, theirs] = [
  await replay(`${guerdon}/scim/v2`, { authorization: `Bearer ${token}` }), await replay(scimmy, { authorization: "Bearer x" }),
];
server.close();
for (let i = 0; i < steps.length; i++)
  if (JSON.stringify(ours[i]) !== JSON.stringify(theirs[i]))
    console.log(`${ours[i].name}\t${JSON.stringify(ours[i])}\t${JSON.stringify(theirs[i])}`);
