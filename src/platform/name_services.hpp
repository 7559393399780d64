// Which of the system's name services are asked for hosts and users.
#pragma once

#include <string_view>

namespace rustchain {

// To be called before a name is looked up. A program with the C library linked in must not load the modules
// of the system's name services, which may want another C library: it keeps to the services that are built
// in, files and DNS. Elsewhere it does nothing. Safe to call from any thread, at any time.
void choose_name_services();

// Whether this program asks only files and DNS: names of mDNS (printer.local) and of LDAP are unknown to it.
bool only_files_and_dns();

}  // namespace rustchain
