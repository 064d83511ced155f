// Passkeys: asks the server what to have signed, the browser for a passkey, and sends the form with what it said.
"use strict";

const fromJson = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" };

const canDo = (what) => window.PublicKeyCredential && typeof PublicKeyCredential[fromJson[what]] === "function"
  && typeof PublicKeyCredential.prototype.toJSON === "function";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const what = form.dataset.does;
  const says = form.querySelector("[data-passkey-says]");
  if (!canDo(what)) continue;
  form.hidden = false;
  for (const other of document.querySelectorAll("[data-passkey-without]")) other.hidden = true;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    says.hidden = true;
    try {
      const asked = await fetch(form.dataset.passkey, { method: "POST", headers: { "X-Guerdon": "1" } });
      if (asked.status === 401 || asked.status === 403) { location.assign(form.dataset.back ?? "/sign-in"); return; }
      if (!asked.ok) throw new Error();
      const publicKey = PublicKeyCredential[fromJson[what]](await asked.json());
      const credential = await navigator.credentials[what]({ publicKey });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (fault) {
      // What the browser says of it is in its own words, and of no use to whoever waits.
      says.textContent = fault.name === "InvalidStateError" ? form.dataset.twice
        : "No passkey was used, and nothing was sent. Try again.";
      says.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}
