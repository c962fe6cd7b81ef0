// Loaded by node before a client (--require): its requests to CleverTap go to the server of the test instead.
// It takes the place of the network; the client's own code stays as it was published.
"use strict";

const http = require("http");
const https = require("https");

const server = new URL(process.env.PROFILES_URL);

https.request = (options, answered) => {
  if (!options.hostname.endsWith(".api.clevertap.com")) {
    throw new Error(`No client has to ask ${options.hostname}.`);
  }
  const { host, hostname, port, protocol, agent, ...rest } = options;
  return http.request({ ...rest, hostname: server.hostname, port: server.port }, answered);
};
