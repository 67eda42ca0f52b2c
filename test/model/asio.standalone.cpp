// flags: -std=c++20 -DASIO_STANDALONE -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
// needs: /usr/include/asio.hpp
#include "asio.cpp"
