namespace Realtime.Acquisition.Recordings;

/// <summary>One of the files of a recording that grow together, a row for a row.</summary>
/// <param name="File">Its name.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Row">Lengths of a row's axes; none for a vector.</param>
internal sealed record RecordedColumn(string File, NpyDtype Type, params int[] Row)
{
    public static NpyDtype Float64 { get; } = new(NpyKind.Float, 8, false);

    public static NpyDtype Float32 { get; } = new(NpyKind.Float, 4, false);

    public static NpyDtype Int32 { get; } = new(NpyKind.Signed, 4, false);

    public long RowBytes => Row.Aggregate((long)Type.Size, (product, axis) => checked(product * axis));
}
