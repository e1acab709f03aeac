"""Certificates for a local run: an authority made on the spot, and one certificate a service, good for servers and clients."""

import subprocess

DAYS = "30"


def openssl(*arguments):
    made = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if made.returncode:
        raise SystemExit(made.stderr)


def make(folder, services):
    """Writes ca.crt and <service>.{key,crt}, unless they are there."""
    if (folder / "ca.crt").exists():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS, "-subj", "/CN=Masthead local CA",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", folder / "ca.key", "-out", folder / "new-ca.crt")
    for service in services:
        extensions = folder / f"{service}.ext"
        extensions.write_text(f"subjectAltName=DNS:localhost,DNS:{service},IP:127.0.0.1,URI:spiffe://masthead/{service}\n"
                              "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n")
        request = folder / f"{service}.csr"
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={service}",
                "-keyout", folder / f"{service}.key", "-out", request)
        openssl("x509", "-req", "-in", request, "-days", DAYS, "-CA", folder / "new-ca.crt", "-CAkey", folder / "ca.key", "-CAcreateserial",
                "-extfile", extensions, "-out", folder / f"{service}.crt")
        request.unlink()
        extensions.unlink()
    for key in folder.glob("*.key"):
        key.chmod(0o600)
    (folder / "new-ca.crt").rename(folder / "ca.crt")
