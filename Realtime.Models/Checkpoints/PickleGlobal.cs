using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <summary>
/// A name that a pickle refers to. It is compared with the few that are known and never looked up anywhere: the file is refused at the
/// first other one.
/// </summary>
internal sealed class PickleGlobal
{
    public const string OrderedDictName = "collections.OrderedDict";

    private static readonly PickleGlobal[] Known =
    [
        new(OrderedDictName, PickleGlobalKind.OrderedDict, default),
        new("torch._utils._rebuild_tensor_v2", PickleGlobalKind.RebuildTensor, default),
        new("torch._utils._rebuild_parameter", PickleGlobalKind.RebuildParameter, default),
        new("torch.FloatStorage", PickleGlobalKind.Storage, TensorType.F32),
        new("torch.DoubleStorage", PickleGlobalKind.Storage, TensorType.F64),
        new("torch.HalfStorage", PickleGlobalKind.Storage, TensorType.F16),
        new("torch.BFloat16Storage", PickleGlobalKind.Storage, TensorType.BF16),
        new("torch.LongStorage", PickleGlobalKind.Storage, TensorType.I64),
        new("torch.IntStorage", PickleGlobalKind.Storage, TensorType.I32),
        new("torch.ShortStorage", PickleGlobalKind.Storage, TensorType.I16),
        new("torch.CharStorage", PickleGlobalKind.Storage, TensorType.I8),
        new("torch.ByteStorage", PickleGlobalKind.Storage, TensorType.U8),
        new("torch.BoolStorage", PickleGlobalKind.Storage, TensorType.Bool),
    ];

    private PickleGlobal(string name, PickleGlobalKind kind, TensorType type)
    {
        Name = name;
        Kind = kind;
        Type = type;
    }

    /// <summary>module.name.</summary>
    public string Name { get; }

    public PickleGlobalKind Kind { get; }

    /// <summary>Element type of a storage.</summary>
    public TensorType Type { get; }

    /// <summary>The known global of that module and name, or null. A dot inside a name does not count as one between module and name.</summary>
    public static PickleGlobal? Find(string module, string name) =>
        name.Contains('.') ? null : Array.Find(Known, global => global.Name.Length == module.Length + 1 + name.Length && global.Name == $"{module}.{name}");
}
