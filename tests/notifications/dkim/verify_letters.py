"""Every kind of letter, signed by us with RSA and with Ed25519, is verified by dkimpy; and one altered byte is not."""
import base64
import pathlib
import subprocess
import sys
import tempfile

try:
    import dkim
except ImportError:
    print("verify_letters: dkimpy (python3-dkim) cannot be had here")
    sys.exit(77)


def make_keys(folder):
    """Two keys in files; their public halves as the DNS would tell them."""
    records, files = {}, []
    for selector, kind, options in (("r1", "rsa", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
                                    ("e1", "ed25519", ["-algorithm", "ED25519"])):
        name = f"{selector}._domainkey.news.example"
        path = folder / f"{name}.pem"
        subprocess.run(["openssl", "genpkey", *options, "-out", str(path)], check=True, stderr=subprocess.DEVNULL)
        der = subprocess.run(["openssl", "pkey", "-in", str(path), "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        public = der[-32:] if kind == "ed25519" else der
        records[name + "."] = b"v=DKIM1; k=" + kind.encode() + b"; p=" + base64.b64encode(public)
        files.append(path.name)
    return records, files


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        records, files = make_keys(folder)

        def from_dns(name, timeout=5):
            return records.get(name.decode() if isinstance(name, bytes) else name)

        def verifies(letter, index):
            try:
                return dkim.DKIM(letter).verify(idx=index, dnsfunc=from_dns)
            except dkim.ValidationError:  # It tells a body that was altered so, and a header by False.
                return False

        subprocess.run([sys.argv[1], str(folder), *files], check=True)
        letters = sorted(folder.glob("*.eml"))
        assert len(letters) == 30, letters
        for path in letters:
            letter = path.read_bytes()
            for index in range(len(files)):
                assert verifies(letter, index), (path.name, index, letter)
                head, body = letter.split(b"\r\n\r\n", 1)
                for altered in (head + b"\r\n\r\n" + b"x" + body, letter.replace(b"Subject: ", b"Subject: x", 1),
                                head + b"\r\nSubject: a second one\r\n\r\n" + body):
                    assert not verifies(altered, index), (path.name, index, altered)
    print(f"{len(letters)} letters, {len(files)} signatures each, verified; each alteration was noticed")


main()
