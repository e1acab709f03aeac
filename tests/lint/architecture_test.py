#!/usr/bin/python3
"""Each rule of architecture.py notices its breach, and lets a tidy house be."""

import unittest

from architecture import breaches

CMAKE = {"services/articles/CMakeLists.txt": "masthead_library(masthead_articles_rules SOURCES article/article.cc DEPENDS masthead_base)"}
BREACHES = {
    "catch": {"services/articles/main.cc": "try {} catch (const std::exception& e) {}"},
    "SQL": {"services/articles/editing/editing_service.cc": 'constexpr char kLoad[] = R"(\n  SELECT name FROM articles)";'},
    "common knows": {"common/text/text.cc": '#include "services/articles/article/article.h"'},
    "another's code": {"services/articles/reading/reading.cc": '#include "services/memberships/members/member.h"'},
    "rules may not": {"services/articles/article/article.h": '#include "common/db/database.h"'},
    "store may not": {"services/articles/editing/article_store.cc": '#include "masthead/articles/v1/article.pb.h"'},
    "proto may not": {"services/articles/editing/article_proto.cc": '#include "common/db/database.h"'},
    "by descriptor": {"services/articles/editing/editing_service.h": '#include "masthead/articles/v1/article_service.grpc.pb.h"'},
    "too heavy": {"common/events/feed.h": "#include <pqxx/pqxx>"},
    "Mutex": {"common/rpc/server.cc": "absl::Mutex mutex;"},
    "left behind": {"common/rpc/server.cc": "// TO" "DO: later"},
    "left behind: NO" "LINTBEGIN": {"common/rpc/server.cc": "// NO" "LINTBEGIN(readability-*)"},
    "split it": {"common/rpc/server.cc": "\n" * 601},
    "cycle of includes": {"services/articles/a/x.h": '#include "services/articles/b/y.h"', "services/articles/b/y.cc": '#include "services/articles/a/x.h"'},
    "services/articles/a: is part of a cycle": {
        "services/articles/a/x.h": '#include "services/articles/b/y.h"',
        "services/articles/b/z.h": '#include "services/articles/a/w.h"',
    },
    "services/articles/announcements: is part of a cycle": {
        "services/articles/a/x.h": '#include "services/articles/announcements.h"',
        "services/articles/announcements.h": '#include "services/articles/a/y.h"',
    },
    "cycle": {"common/db/a.h": '#include "common/rpc/b.h"', "common/rpc/b.h": '#include "common/db/a.h"'},
}


class Architecture(unittest.TestCase):
    def test_each_breach_is_seen(self):
        for what, files in BREACHES.items():
            with self.subTest(what):
                self.assertTrue(any(what in f"{path}: {found}" for path, found in breaches(CMAKE | files)))

    def test_a_tidy_house_is_left_alone(self):
        tidy = {
            "common/db/database.cc": "} catch (const std::exception& failure) {",
            "services/articles/editing/article_store.cc": '#include "common/db/database.h"\nR"(\n  SELECT 1)"',
            "services/articles/reading/reading_service.cc": '#include "masthead/memberships/v1/access_service.grpc.pb.h"',
            "tests/articles/a_test.cc": "try {} catch (...) {}",
        }
        self.assertEqual(list(breaches(CMAKE | tidy)), [])


if __name__ == "__main__":
    unittest.main()
