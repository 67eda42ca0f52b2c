// flags: -std=c11 -I/usr/lib/x86_64-linux-gnu/openmpi/include
// needs: /usr/lib/x86_64-linux-gnu/openmpi/include/mpi.h
#include <mpi.h>

void messages(MPI_Comm Group, char *Data, MPI_Message *Message, MPI_Comm *Peer) {
  MPI_Request Request;
  int Which, Many;
  MPI_Recv(Data, 1, MPI_CHAR, 0, 0, Group, MPI_STATUS_IGNORE);
  MPI_Probe(0, 0, Group, MPI_STATUS_IGNORE);
  MPI_Mprobe(0, 0, Group, Message, MPI_STATUS_IGNORE);
  MPI_Send(Data, 1, MPI_CHAR, 0, 0, Group);
  MPI_Ssend(Data, 1, MPI_CHAR, 0, 0, Group);
  MPI_Isend(Data, 1, MPI_CHAR, 0, 0, Group, &Request);
  MPI_Wait(&Request, MPI_STATUS_IGNORE);
  MPI_Waitall(1, &Request, MPI_STATUSES_IGNORE);
  MPI_Waitany(1, &Request, &Which, MPI_STATUS_IGNORE);
  MPI_Waitsome(1, &Request, &Many, &Which, MPI_STATUSES_IGNORE);
  MPI_Cancel(&Request);
  MPI_Barrier(Group);
  MPI_Comm_accept("port", MPI_INFO_NULL, 0, Group, Peer);
}
