// What a page asked of the network and said in the console, as the browser itself reports it.

/** Listens to one page from its beginning. */
export class Traffic {
  /** What the browser complained about: scripts that failed, refusals of the content security policy. */
  messages = [];
  /** Requests that got no answer. */
  failures = [];
  #requests = new Map();
  #expected = new Set();

  static async of(page) {
    const traffic = new Traffic();
    page.on("console", (message) => traffic.#said(message));
    page.on("pageerror", (error) => traffic.messages.push(`script: ${error.message}`));
    page.on("requestfailed", (request) => traffic.#broke(request));
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    session.on("Network.requestWillBeSent", (event) => traffic.#asked(event));
    session.on("Network.requestServedFromCache", ({ requestId }) => traffic.#note(requestId, { cached: true }));
    session.on("Network.responseReceived", (event) => traffic.#answered(event));
    session.on("Network.loadingFinished", (event) => traffic.#finished(event));
    traffic.session = session;
    return traffic;
  }

  /** From here on, answers of this status are part of the test and no complaint. */
  expect(status) {
    this.#expected.add(status);
  }

  /** What was said and failed since the last time. */
  takeComplaints() {
    const found = [...this.messages.splice(0), ...this.failures.splice(0)];
    this.#expected.clear();
    return found;
  }

  /** The requests of the page that is shown: kind, bytes on the wire, whether from the browser's own store. */
  get requests() {
    return [...this.#requests.values()];
  }

  #said(message) {
    if (!["error", "warning"].includes(message.type())) return;
    const text = message.text();
    const status = /status of (\d+)/.exec(text)?.[1];
    if (status && this.#expected.has(Number(status))) return;
    this.messages.push(`console: ${text} (${message.location().url})`);
  }

  #broke(request) {
    // Leaving a page before it is complete ends its requests: that is no failure of the hub.
    if (request.failure()?.errorText === "net::ERR_ABORTED") return;
    this.failures.push(`request: ${request.url()} ${request.failure()?.errorText}`);
  }

  #asked({ requestId, type, request, redirectResponse }) {
    if (type === "Document" && !redirectResponse) this.#requests.clear();
    this.#requests.set(requestId, { url: request.url, kind: type, bytes: 0, cached: false });
  }

  #answered({ requestId, response }) {
    if (response.fromDiskCache || response.url.startsWith("data:")) this.#note(requestId, { cached: true });
  }

  #finished({ requestId, encodedDataLength }) {
    this.#note(requestId, { bytes: encodedDataLength });
  }

  #note(requestId, facts) {
    const request = this.#requests.get(requestId);
    if (request) Object.assign(request, facts);
  }
}
