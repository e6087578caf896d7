// What happens to the values of an image after geometry.
#include "kernels.hpp"
#include "photometric_image.hpp"
#include "table.hpp"

FASTAUG_BEGIN

void photometric(const PhotometricArgs& args, Rows rows) { photometric_image(args, rows.image); }

FASTAUG_END
