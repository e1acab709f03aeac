// What an installation says about signing in.
#pragma once

#include <string>
#include <vector>

namespace masthead::memberships {

struct SignInOptions {
  std::string sign_in_url;                    // The page that links in letters lead to, with `?token=` added.
  std::string email_change_url;               // The same for changes of address.
  std::vector<std::string> redirect_origins;  // Where readers may be sent afterwards: `https://www.example.org`.
  std::vector<std::string> blocked_domains;   // Of addresses that may not sign up.
};

}  // namespace masthead::memberships
