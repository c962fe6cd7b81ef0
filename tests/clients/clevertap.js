// Makes the calls that come on standard input, [[method, argument, ...], ...], with the npm client of CleverTap,
// and prints what each was answered.
"use strict";

const { readFileSync } = require("fs");
const CleverTap = require("clevertap");

const { ACCOUNT_ID, PASSCODE, ENDPOINT } = process.env;
const client = CleverTap.init(ACCOUNT_ID, PASSCODE, CleverTap.REGIONS.INDIA);
if (ENDPOINT) {
  client.api.apiEndpoint = ENDPOINT;
}

async function main() {
  const answers = [];
  for (const [method, ...given] of JSON.parse(readFileSync(0, "utf8"))) {
    answers.push(await client[method](...given));
  }
  console.log(JSON.stringify(answers));
}

main();
