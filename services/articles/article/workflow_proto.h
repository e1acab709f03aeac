// States, plans, reviews and retractions to the wire.
#pragma once

#include "masthead/articles/v1/article.pb.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

v1::Article::State ToProto(Article::State state);
v1::Schedule ToProto(const Schedule& schedule);
v1::Review ToProto(const Review& review);
v1::Retraction ToProto(const Retraction& retraction);

// The output-only fields that tell where the article stands.
void WorkflowToProto(const Article& article, v1::Article& proto);

}  // namespace masthead::articles
