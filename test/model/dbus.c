// flags: -std=c11 -I/usr/include/dbus-1.0 -I/usr/lib/x86_64-linux-gnu/dbus-1.0/include
// needs: /usr/include/dbus-1.0/dbus/dbus.h
#include <dbus/dbus.h>

void messages(DBusConnection *Bus, DBusMessage *Message) {
  dbus_connection_send_with_reply_and_block(Bus, Message, DBUS_TIMEOUT_INFINITE, 0);
  dbus_connection_read_write_dispatch(Bus, -1);
  dbus_connection_read_write(Bus, -1);
  dbus_connection_close(Bus);
}
