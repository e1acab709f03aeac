// Throw-away certificates and keys for tests, made on the spot: nothing with a private key lies in the repository.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "openssl/types.h"

namespace masthead::testing {

struct TestCertificate {
  std::string certificate_pem;
  std::string key_pem;
};

// A certificate authority that lives as long as the object. Stops the process if OpenSSL refuses: a test cannot go on.
class TestCertificateAuthority {
 public:
  explicit TestCertificateAuthority(const std::string& common_name = "Masthead test CA");
  ~TestCertificateAuthority();

  const std::string& certificate_pem() const { return certificate_pem_; }

  // An EC P-256 certificate for servers and clients. `hosts` are DNS names or IP addresses; `uris` are the SPIFFE ID,
  // or several for a certificate that must be refused. A negative `valid_for` gives one that has expired.
  TestCertificate Issue(const std::string& common_name, const std::vector<std::string>& hosts,
                        const std::vector<std::string>& uris = {}, absl::Duration valid_for = absl::Hours(24)) const;

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> certificate_;
  std::string certificate_pem_;
};

// The public half of a private key in PEM, as `openssl pkey -pubout` writes it.
std::string PublicKeyPem(const std::string& key_pem);

}  // namespace masthead::testing
