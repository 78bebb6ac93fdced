namespace Realtime.Models.Transformer;

/// <summary>Turns the heads of some rows by the rows' positions, in place.</summary>
/// <param name="x">[rows, width].</param>
/// <param name="rows">Rows.</param>
public delegate void RowTurn(Span<float> x, int rows);
