"""Checkpoints written by Python itself, for the tests beside this file. Usage: checkpoint_peer.py COMMAND PATH

stdlib: the container and the pickle by zipfile and pickle alone, with stand-ins for torch's names (protocols 2, 3 and 4).
torch: by torch.save. Both print one JSON line: what a reader must find.
"""
import collections
import io
import json
import pickle
import struct
import sys
import zipfile


def stdlib(path, protocol):
    """Names are pickled by their module and name, so classes that claim to be torch's are written as torch's."""
    def module(name, **members):
        made = type(sys)(name)
        for key, value in members.items():
            value.__module__, value.__qualname__, value.__name__ = name, key, key
            setattr(made, key, value)
        sys.modules[name] = made
        return made

    def rebuild(*arguments):
        raise NotImplementedError

    def parameter(*arguments):
        raise NotImplementedError

    torch = module("torch", FloatStorage=type("FloatStorage", (), {}), LongStorage=type("LongStorage", (), {}))
    utils = module("torch._utils", _rebuild_tensor_v2=rebuild, _rebuild_parameter=parameter)

    class Storage:
        def __init__(self, kind, key, count):
            self.kind, self.key, self.count = kind, key, count

    class Tensor:
        def __init__(self, storage, offset, shape, strides):
            self.arguments = (storage, offset, shape, strides, True, collections.OrderedDict())

        def __reduce_ex__(self, protocol):
            return utils._rebuild_tensor_v2, self.arguments

    class Parameter:
        def __init__(self, tensor):
            self.tensor = tensor

        def __reduce_ex__(self, protocol):
            return utils._rebuild_parameter, (self.tensor, True, collections.OrderedDict())

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return ("storage", value.kind, value.key, "cuda:0", value.count) if isinstance(value, Storage) else None

    floats, longs = Storage(torch.FloatStorage, "0", 12), Storage(torch.LongStorage, "17", 3)
    state = collections.OrderedDict()
    state["whole"] = Tensor(floats, 0, (3, 4), (4, 1))
    state["turned"] = Parameter(Tensor(floats, 0, (4, 3), (1, 4)))
    state["column"] = Tensor(floats, 2, (3,), (4,))
    state["repeated"] = Tensor(floats, 5, (2, 3), (0, 0))
    state["one"] = Tensor(floats, 11, (), ())
    state["longs"] = Tensor(longs, 1, (2,), (1,))
    state["words"] = collections.OrderedDict([("zwei \u00fc", 1), ("NA", 0)])
    state._metadata = collections.OrderedDict([("", {"version": 1})])
    loop = []
    loop.append(loop)
    root = {"state_dict": state, "many": list(range(300)), "negative": -7, "wide": 2 ** 63, "flags": (True, False, None), "text": "x" * 300, "again": state, "loop": loop,
            "nested": {"a": [1.5, {"b": (2, "c")}]}}
    stream = io.BytesIO()
    Pickler(stream, protocol).dump(root)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as zipped:
        zipped.writestr("any name/data.pkl", stream.getvalue())
        zipped.writestr("any name/byteorder", "little")
        zipped.writestr("any name/data/0", struct.pack("<12f", *[i / 4 for i in range(12)]))
        zipped.writestr("any name/data/17", struct.pack("<3q", -1, 2 ** 40, -(2 ** 40)))
        zipped.writestr("any name/version", "3\n")
    found = {"whole": [i / 4 for i in range(12)], "turned": [(i % 3 * 4 + i // 3) / 4 for i in range(12)], "column": [2 / 4, 6 / 4, 10 / 4],
             "repeated": [5 / 4] * 6, "one": [11 / 4]}
    print(json.dumps(found))


def torch_save(path, protocol):
    import torch

    torch.manual_seed(5)
    base = torch.randn(6, 8)
    state = collections.OrderedDict()
    state["base"] = base
    state["turned"] = base.t()
    state["part"] = base[1:5:2, ::3]
    state["expanded"] = base[2, 3].expand(3, 2)
    state["scalar"] = torch.tensor(2.5)
    state["empty"] = torch.zeros(0, 4)
    state["half"] = torch.tensor([0.1, -65504.0]).half()
    state["brain"] = torch.tensor([0.1, 1e38]).bfloat16()
    state["double"] = torch.tensor([0.1, -1e300], dtype=torch.float64)[:1]
    state["parameter"] = torch.nn.Parameter(torch.randn(3))
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
    for name, value in module.state_dict().items():
        state["module." + name] = value
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    whole = {"state_dict": state, "module": module.state_dict(), "optimizer_states": [optimizer.state_dict()], "epoch": 3,
             "ints": torch.arange(4), "bytes": torch.arange(4, dtype=torch.uint8), "flags": torch.tensor([True, False])}
    torch.save(whole, path, pickle_protocol=protocol)
    print(json.dumps({name: value.detach().double().float().contiguous().reshape(-1).double().tolist() for name, value in state.items()}))


def torch_legacy(path, protocol):
    import torch

    torch.save({"state_dict": {"a": torch.zeros(2)}}, path, _use_new_zipfile_serialization=False, pickle_protocol=protocol)
    print("{}")


def torch_script(path, protocol):
    import torch

    torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2)), path)
    print("{}")


def torch_module(path, protocol):
    import torch

    torch.save(torch.nn.Linear(2, 2), path, pickle_protocol=protocol)
    print("{}")


{"stdlib": stdlib, "torch": torch_save, "legacy": torch_legacy, "script": torch_script, "module": torch_module}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
