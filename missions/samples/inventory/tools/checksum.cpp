// Prints the sum of a file's bytes, to compare copies of the database: checksum FILE
#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  char path[64];
  if (argc != 2) return 2;
  std::strcpy(path, argv[1]);
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return 1;
  unsigned long sum = 0;
  for (int c; (c = std::fgetc(file)) != EOF;) sum = sum * 31 + static_cast<unsigned char>(c);
  std::fclose(file);
  std::printf("%lu\n", sum);
}
