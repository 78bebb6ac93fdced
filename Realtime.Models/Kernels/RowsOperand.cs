namespace Realtime.Models.Kernels;

/// <summary>The left matrix of a product, either way round: element (row, k) lies at row × Row + k × Step.</summary>
internal readonly unsafe struct RowsOperand(float* data, nint row, nint step)
{
    public readonly float* Data = data;

    public readonly nint Row = row;

    public readonly nint Step = step;

    /// <summary>The rows from one on.</summary>
    public RowsOperand From(nint row) => new(Data + row * Row, Row, Step);

    /// <summary>What comes after some k.</summary>
    public RowsOperand After(nint k) => new(Data + k * Step, Row, Step);
}
