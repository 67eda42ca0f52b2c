// flags: -std=c++17
// needs: /usr/include/SFML/System.hpp
#include <SFML/Network.hpp>
#include <SFML/System.hpp>

static void body() {}

void tasks(sf::Mutex &Mutex, sf::SocketSelector &Sockets) {
  sf::Thread Thread(&body);
  Thread.launch();
  Thread.terminate();
  Thread.wait();
  sf::sleep(sf::milliseconds(1));
  Mutex.lock();
  Mutex.unlock();
  sf::Lock Guard(Mutex);
  Sockets.wait();
  Sockets.wait(sf::Time::Zero);
}
