// One case of a client: it asserts what the client saw and prints its calls with the usage that the provider reported.
export async function run(cases) {
  const [name, address, key] = process.argv.slice(2);
  console.log(JSON.stringify(await cases[name]({ address, key })));
}

// What both SDKs do with a refusal: how often they asked, and the error they threw.
export async function refused(make, call) {
  let sent = 0;
  const client = make({ fetch: (...request) => { sent++; return fetch(...request); } });
  try { await call(client); } catch (error) { return { sent, error }; }
  throw new Error('it was not refused');
}
