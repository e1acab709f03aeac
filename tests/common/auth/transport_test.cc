// Real TLS connections on loopback. A plain OpenSSL client looks at what the server presents; gRPC channels tell
// whether both ends agree.
#include "common/auth/transport.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/crypto/openssl_ptr.h"
#include "grpcpp/channel.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/channel_arguments.h"
#include "gtest/gtest.h"
#include "openssl/ssl.h"
#include "openssl/x509.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

namespace masthead::auth {
namespace {

using crypto::OpenSslPtr;
using ::masthead::testing::TestCertificate;
using ::masthead::testing::TestCertificateAuthority;

// Long enough for a machine with much else to do; nothing waits for it to pass.
constexpr absl::Duration kPatience = absl::Seconds(30);

// A folder with the three files, gone at the end.
class Folder {
 public:
  TlsFiles files() const {
    return {.certificate_file = folder_ / "tls.crt", .key_file = folder_ / "tls.key", .ca_file = folder_ / "ca.crt"};
  }

  void Put(const TestCertificate& certificate, const std::string& ca_pem) const {
    Replace(files().key_file, certificate.key_pem);
    Replace(files().certificate_file, certificate.certificate_pem);
    Replace(files().ca_file, ca_pem);
  }

 private:
  // By rename: nobody reads half a file.
  static void Replace(const std::string& path, const std::string& content) {
    std::ofstream(path + ".new", std::ios::binary) << content;
    std::filesystem::rename(path + ".new", path);
  }

  const masthead::testing::TemporaryFolder folder_;
};

// Connects once. The common name that the server presents, or nothing if the handshake fails.
std::optional<std::string> PresentedName(int port, int max_version = TLS1_3_VERSION) {
  const OpenSslPtr<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_client_method()));
  // A client so old that it would still speak TLS 1.0.
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), max_version);
  const OpenSslPtr<SSL, SSL_free> session(SSL_new(context.get()));
  const unsigned char protocols[] = {2, 'h', '2'};
  SSL_set_alpn_protos(session.get(), protocols, sizeof protocols);

  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::optional<std::string> name;
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      SSL_set_fd(session.get(), descriptor) == 1 && SSL_connect(session.get()) == 1) {
    const OpenSslPtr<X509, X509_free> certificate(SSL_get1_peer_certificate(session.get()));
    char text[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, text, sizeof text);
    name = text;
  }
  close(descriptor);
  return name;
}

// A server with TlsServer's credentials that answers every call UNIMPLEMENTED.
class Listener {
 public:
  explicit Listener(const TlsFiles& files) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", TlsServer(files), &port_);
    builder.RegisterCallbackGenericService(&service_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) std::abort();
  }
  ~Listener() { server_->Shutdown(); }

  int port() const { return port_; }

 private:
  int port_ = 0;
  grpc::CallbackGenericService service_;
  std::unique_ptr<grpc::Server> server_;
};

// Whether a channel with these credentials gets through; a channel that cannot, keeps trying until `patience` is over.
bool Connects(int port, const std::shared_ptr<grpc::ChannelCredentials>& credentials,
              absl::Duration patience = kPatience, const std::string& host = "localhost") {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  // The name that the certificate has to have, without asking DNS for its address.
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, absl::StrCat(host, ":", port));
  const auto channel = grpc::CreateCustomChannel(absl::StrCat("ipv4:127.0.0.1:", port), credentials, arguments);
  return channel->WaitForConnected(absl::ToChronoTime(absl::Now() + patience));
}

class TransportTest : public ::testing::Test {
 protected:
  TransportTest() {
    server_.Put(authority_.Issue("first", {"localhost", "127.0.0.1"}, {"spiffe://masthead/articles"}),
                authority_.certificate_pem());
    client_.Put(authority_.Issue("client", {}, {"spiffe://masthead/notifications"}), authority_.certificate_pem());
  }

  const TestCertificateAuthority authority_;
  const Folder server_;
  const Folder client_;
};

TEST_F(TransportTest, ConnectsTwoServicesOfTheSuite) {
  const Listener listener(server_.files());
  EXPECT_TRUE(Connects(listener.port(), TlsClient(client_.files())));
  EXPECT_TRUE(Connects(listener.port(), TlsClient(client_.files()), kPatience, "127.0.0.1"));
}

TEST_F(TransportTest, AdmitsClientsWithoutACertificate) {
  const Listener listener(server_.files());
  EXPECT_TRUE(Connects(listener.port(), grpc::SslCredentials({.pem_root_certs = authority_.certificate_pem()})));
}

TEST_F(TransportTest, RefusesClientsOfAnotherAuthorityOrOfThePast) {
  const Listener listener(server_.files());
  ASSERT_TRUE(PresentedName(listener.port()).has_value());
  const TestCertificateAuthority stranger("Another CA");
  for (const TestCertificate& certificate :
       {stranger.Issue("client", {}, {"spiffe://masthead/notifications"}),
        authority_.Issue("client", {}, {"spiffe://masthead/notifications"}, -absl::Minutes(1))}) {
    EXPECT_FALSE(Connects(listener.port(),
                          grpc::SslCredentials({.pem_root_certs = authority_.certificate_pem(),
                                                .pem_private_key = certificate.key_pem,
                                                .pem_cert_chain = certificate.certificate_pem}),
                          absl::Seconds(2)));
  }
}

TEST_F(TransportTest, RefusesServersOfAnotherAuthorityNameOrTime) {
  const TestCertificateAuthority stranger("Another CA");
  for (const TestCertificate& certificate :
       {stranger.Issue("server", {"localhost"}), authority_.Issue("server", {"articles.example"}),
        authority_.Issue("server", {"localhost"}, {}, -absl::Minutes(1))}) {
    const Folder folder;
    folder.Put(certificate, authority_.certificate_pem());
    const Listener listener(folder.files());
    EXPECT_FALSE(Connects(listener.port(), TlsClient(client_.files()), absl::Seconds(2)));
  }
}

TEST_F(TransportTest, SpeaksTls12AtLeastAndNeverPlainText) {
  const Listener listener(server_.files());
  EXPECT_EQ(PresentedName(listener.port(), TLS1_2_VERSION), "first");
  EXPECT_EQ(PresentedName(listener.port(), TLS1_3_VERSION), "first");
  EXPECT_EQ(PresentedName(listener.port(), TLS1_1_VERSION), std::nullopt);
  EXPECT_EQ(PresentedName(listener.port(), TLS1_VERSION), std::nullopt);
  EXPECT_FALSE(Connects(listener.port(), grpc::InsecureChannelCredentials(), absl::Seconds(2)));
}

TEST_F(TransportTest, PresentsANewCertificateWithinSeconds) {
  const Listener listener(server_.files());
  ASSERT_EQ(PresentedName(listener.port()), "first");
  server_.Put(authority_.Issue("second", {"localhost"}, {"spiffe://masthead/articles"}), authority_.certificate_pem());
  const absl::Time renamed = absl::Now();
  std::optional<std::string> presented;
  while (presented != "second" && absl::Now() < renamed + kPatience) {
    presented = PresentedName(listener.port());
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(presented, "second");
  EXPECT_TRUE(Connects(listener.port(), TlsClient(client_.files())));
  RecordProperty("seconds_until_presented", absl::StrCat(absl::ToDoubleSeconds(absl::Now() - renamed)));
}

TEST_F(TransportTest, TrustsANewAuthorityWithinSeconds) {
  const std::shared_ptr<grpc::ChannelCredentials> credentials = TlsClient(client_.files());
  const TestCertificateAuthority next("Next CA");
  const Folder moved;
  moved.Put(next.Issue("server", {"localhost"}), next.certificate_pem() + authority_.certificate_pem());
  const Listener listener(moved.files());
  EXPECT_FALSE(Connects(listener.port(), credentials, absl::Seconds(1)));
  client_.Put(next.Issue("client", {}), next.certificate_pem());
  EXPECT_TRUE(Connects(listener.port(), credentials));
}

TEST_F(TransportTest, TellsWhenACertificateEnds) {
  const Folder folder;
  const TestCertificateAuthority authority;
  folder.Put(authority.Issue("articles", {"localhost"}, {}, absl::Hours(5)), authority.certificate_pem());
  const absl::StatusOr<absl::Time> expiry = CertificateExpiry(folder.files().certificate_file);
  ASSERT_TRUE(expiry.ok()) << expiry.status();
  EXPECT_LT(absl::AbsDuration(*expiry - (absl::Now() + absl::Hours(5))), absl::Minutes(5));
  EXPECT_FALSE(CertificateExpiry(folder.files().key_file).ok());
}

TEST_F(TransportTest, ChecksTheFilesBeforeServing) {
  EXPECT_TRUE(CheckTlsFiles(server_.files()).ok());
  TlsFiles crossed = server_.files();
  crossed.key_file = client_.files().key_file;
  EXPECT_EQ(CheckTlsFiles(crossed).code(), absl::StatusCode::kFailedPrecondition);
  for (std::string TlsFiles::*file : {&TlsFiles::certificate_file, &TlsFiles::key_file, &TlsFiles::ca_file}) {
    TlsFiles files = server_.files();
    files.*file += ".missing";
    EXPECT_EQ(CheckTlsFiles(files).code(), absl::StatusCode::kFailedPrecondition);
  }
}

}  // namespace
}  // namespace masthead::auth
