#!/usr/bin/python3
"""Imports hostile HTML, renders it as readers would get it, and lets a browser try to run it.

usage: xss_test.py RENDER_IMPORTED

Vectors are our own below, and of MASTHEAD_CORPORA, where that is, HTML5 Security Cheatsheet's and the big list of naughty strings. Chromium
loads the result with everything hooked that a script would reach for; whatever asks the network for more than a picture counts too. A page of
raw vectors is loaded first, to see that the hooks bite.
"""

import html
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

SKIPPED = 77
BROWSERS_OWN = ("/favicon.ico", "/time/1/", "/service/update2/")  # Asked for without any page's doing.
OWN = [
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<iframe src='javascript:alert(1)'></iframe>", "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>", "<a href='java&#x09;script:alert(1)'>x</a>", "<p onclick=alert(1)>x</p>",
    "<img src='x\" onerror=\"alert(1)'>", "<img alt='\"><script>alert(1)</script>' src=https://a.example/x.png>",
    "<pre class='language-\"><script>alert(1)</script>'><code>x</code></pre>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<blockquote class=twitter-tweet><a href='https://twitter.com/\"><script>alert(1)</script>'>x</a></blockquote>",
    "<iframe src='https://www.youtube.com/embed/\"onload=\"alert(1)'></iframe>", "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='javascript:alert(1)'>", "<base href='javascript:alert(1)//'><a href='x'>x</a>", "<link rel=import href='data:text/html,<script>alert(1)</script>'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<video src=x onerror=alert(1)></video>", "<video><source onerror=alert(1) src=x></video>",
    "<details open ontoggle=alert(1)>x</details>", "<form action='javascript:alert(1)'><button>x</button></form>", "<style>@import 'https://evil.example/x.css';</style>",
    "<a class=kg-btn href='javascript:alert(1)'>x</a>", "[caption caption='<script>alert(1)</script>']<img src=x>[/caption]",
    "<table><caption><script>alert(1)</script>x</caption><tr><td onclick=alert(1)>x</td></tr></table>",
]
HOOKS = """<script>
window.ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval', 'postMessage', 'fetch'])
  window[name] = (...said) => { window.ran.push(name + ':' + String(said[0]).slice(0, 40)); };
window.onerror = (message) => { window.ran.push('error:' + message); };
window.addEventListener('securitypolicyviolation', (event) => window.ran.push('policy:' + event.violatedDirective));
</script>"""
VERDICT = """<script>
window.addEventListener('load', () => setTimeout(() => {
  for (const element of document.querySelectorAll('main *')) {
    for (const attribute of element.getAttributeNames())
      if (attribute.startsWith('on')) ran.push('handler:' + attribute);
    if (element.href !== undefined && !/^(https?|mailto|tel):/.test(element.href)) ran.push('href:' + element.href);
    if (/^(script|style|iframe|object|embed|form|svg|math|base|meta|link)$/i.test(element.localName)) ran.push('element:' + element.localName);
    for (const type of ['click', 'mouseover', 'focus', 'error', 'load', 'toggle'])
      if (element.localName !== 'a' || type !== 'click') element.dispatchEvent(new Event(type));
  }
  document.documentElement.setAttribute('data-ran', JSON.stringify(ran));
}, 400));
</script>"""


def vectors():
    found = list(OWN)
    corpora = os.environ.get("MASTHEAD_CORPORA")
    folder = pathlib.Path(corpora) if corpora else None
    if not folder or not (folder / "h5sc-vectors.txt").exists() or not (folder / "blns.json").exists():
        print("The outside corpora are NOT checked: set MASTHEAD_CORPORA to a folder with h5sc-vectors.txt and blns.json.")
        return found
    sheet = (folder / "h5sc-vectors.txt").read_text(encoding="utf-8", errors="replace")
    found += [piece for _, piece in re.findall(r"""<div id="(\d+)">(.*?)//\["'`-->\]\]>\]</div>""", sheet, re.DOTALL)]
    found.append(sheet)
    found += json.loads((folder / "blns.json").read_text(encoding="utf-8"))
    return found


class Site:
    """Serves one page, and is everybody else on the network too."""

    def __init__(self):
        self.page = ""
        self.asked = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/page":
                    body = site.page.encode()
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    return
                is_picture = self.headers.get("Accept", "").startswith("image/") or self.headers.get("Sec-Fetch-Dest") in ("image", "video", "audio")
                if not is_picture and not self.path.startswith(BROWSERS_OWN):
                    site.asked.append(self.path)
                self.send_error(404)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def load(self, browser, pieces):
        """What ran on a page with these pieces."""
        self.asked.clear()
        self.page = f"<!DOCTYPE html><html><head>{HOOKS}</head><body><main>{''.join(pieces)}</main>{VERDICT}</body></html>"
        port = self.server.server_address[1]
        with tempfile.TemporaryDirectory() as profile:
            done = subprocess.run(
                [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", f"--user-data-dir={profile}",
                 "--disable-background-networking", "--disable-component-update", f"--host-resolver-rules=MAP * 127.0.0.1:{port}",
                 "--virtual-time-budget=4000", "--dump-dom", f"http://127.0.0.1:{port}/page"],
                capture_output=True, text=True, timeout=120)
        verdict = re.search(r'<html[^>]* data-ran="([^"]*)"', done.stdout)
        if not verdict:
            raise RuntimeError(f"the page came to no verdict: {done.stdout[:200]} {done.stderr[-500:]}")
        return json.loads(html.unescape(verdict[1])) + [f"request:{one}" for one in self.asked]


def main():
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser:
        print("Hostile HTML is NOT run: there is no Chromium here.")
        return SKIPPED
    site = Site()
    raw = site.load(browser, ["<img src=x onerror=alert(1)>", "<svg onload=alert(2)></svg>", "<iframe src='http://evil.example/x'></iframe>"])
    if not any(one.startswith("alert:") for one in raw) or not any(one.startswith("request:") for one in raw):
        print(f"The hooks do not bite: {raw}")
        return 1

    found = vectors()
    done = subprocess.run([sys.argv[1]], input=json.dumps(found), capture_output=True, text=True, check=True)
    rendered = json.loads(done.stdout)
    ran = site.load(browser, rendered)
    print(f"{len(found)} vectors, {sum(map(bool, rendered))} of them leave something to read, "
          f"{sum(map(len, rendered))} bytes; {len(ran)} executions")
    for one in ran[:50]:
        print(f"  {one}")
    if ran:
        for vector, piece in zip(found, rendered):
            one = site.load(browser, [piece]) if piece else []
            if one:
                print(f"GUILTY {vector[:200]!r}\n  rendered {piece[:300]!r}\n  {one[:5]}")
    return 1 if ran else 0


if __name__ == "__main__":
    sys.exit(main())
