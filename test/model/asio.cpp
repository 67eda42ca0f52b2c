// flags: -std=c++20
// needs: /usr/include/boost/asio/cancellation_signal.hpp
#ifdef ASIO_STANDALONE
#include <asio.hpp>
#else
#include <boost/asio.hpp>
namespace asio = boost::asio;
#endif

void cancelling(asio::cancellation_signal &Signal) {
  asio::cancellation_slot None;
  asio::cancellation_slot Slot = Signal.slot();
  Slot.is_connected();
  Slot.assign([](asio::cancellation_type) {});
  asio::cancellation_state State(Slot);
  State.cancelled();
  State.slot();
  Signal.emit(asio::cancellation_type::all);
}

asio::awaitable<void> coroutine() { co_return; }

void tasks(asio::thread_pool &Pool, asio::steady_timer &Timer) {
  asio::post([] {});
  asio::post(Pool, [] {});
  asio::defer([] {});
  asio::defer(Pool, [] {});
  asio::co_spawn(Pool, coroutine, asio::detached);
  asio::co_spawn(Pool, coroutine, [](std::exception_ptr) {});
  Pool.stop();
  Pool.join();
  Pool.wait();
  Timer.wait();
}

void sockets(asio::ip::tcp::socket &Stream, asio::ip::udp::socket &Datagrams,
             asio::ip::tcp::acceptor &Acceptor, asio::ip::udp::endpoint &From, char (&Data)[8]) {
  Stream.read_some(asio::buffer(Data));
  Stream.receive(asio::buffer(Data));
  Stream.wait(asio::ip::tcp::socket::wait_read);
  Stream.shutdown(asio::ip::tcp::socket::shutdown_both);
  Stream.cancel();
  Stream.close();
  Datagrams.receive_from(asio::buffer(Data), From);
  Acceptor.accept();
}
