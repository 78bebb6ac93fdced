using System.Diagnostics.CodeAnalysis;

namespace Realtime.Models.Weights;

/// <summary>Names and sizes of <see cref="TensorType"/> as the safetensors format spells them.</summary>
public static class TensorTypes
{
    private static readonly (string Name, TensorType Type, int Size)[] Table =
    [
        ("BOOL", TensorType.Bool, 1), ("U8", TensorType.U8, 1), ("I8", TensorType.I8, 1),
        ("F8_E4M3", TensorType.F8E4M3, 1), ("F8_E5M2", TensorType.F8E5M2, 1),
        ("I16", TensorType.I16, 2), ("U16", TensorType.U16, 2), ("F16", TensorType.F16, 2), ("BF16", TensorType.BF16, 2),
        ("I32", TensorType.I32, 4), ("U32", TensorType.U32, 4), ("F32", TensorType.F32, 4),
        ("I64", TensorType.I64, 8), ("U64", TensorType.U64, 8), ("F64", TensorType.F64, 8),
    ];

    /// <summary>All known names, for messages.</summary>
    public static string KnownNames { get; } = string.Join(", ", Table.Select(row => row.Name));

    public static bool TryParse([NotNullWhen(true)] string? name, out TensorType type)
    {
        foreach (var row in Table)
        {
            if (row.Name != name) continue;
            type = row.Type;
            return true;
        }

        type = default;
        return false;
    }

    public static string Name(this TensorType type) => Table.First(row => row.Type == type).Name;

    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => Table.First(row => row.Type == type).Size;
}
