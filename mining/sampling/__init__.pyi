from .drawing import Allocation as Allocation
from .drawing import Drawn as Drawn
from .drawing import allocate as allocate
from .drawing import draw as draw
from .drawing import size_for_share as size_for_share
from .frame import Frame as Frame
from .frame import frame_of as frame_of
from .frame import sample_csv as sample_csv
