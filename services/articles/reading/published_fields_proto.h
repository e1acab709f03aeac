// What readers are given of an article as it was saved: all that needs neither the gate nor another resource.
#pragma once

#include "masthead/articles/v1/reading.pb.h"
#include "services/articles/article/content.h"

namespace masthead::articles {

void SetPlainFields(const Content& content, v1::PublishedArticle& proto);

}  // namespace masthead::articles
