// flags: -std=c++20
// needs: /usr/include/x86_64-linux-gnu/curl/curl.h
#include <curl/curl.h>

void transfers(CURL *One, CURLM *Several) {
  curl_easy_perform(One);
  curl_multi_wait(Several, nullptr, 0, 100, nullptr);
  curl_multi_poll(Several, nullptr, 0, 100, nullptr);
  curl_multi_wakeup(Several);
}
