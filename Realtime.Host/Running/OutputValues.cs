using System.Runtime.CompilerServices;

namespace Realtime.Host.Running;

/// <summary>The values of one answer inside a blittable record.</summary>
[InlineArray(Capacity)]
public struct OutputValues
{
    /// <summary>Most outputs of a model in a run: behaviour of a session has a handful of columns, and each record carries room for all.</summary>
    public const int Capacity = 64;

    private float _first;
}
