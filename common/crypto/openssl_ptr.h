// Owns what OpenSSL hands out: OpenSslPtr<EVP_PKEY, EVP_PKEY_free>.
#pragma once

#include <memory>

namespace masthead::crypto {

template <auto kFree>
struct OpenSslFree {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

template <typename T, auto kFree>
using OpenSslPtr = std::unique_ptr<T, OpenSslFree<kFree>>;

}  // namespace masthead::crypto
